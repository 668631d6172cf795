/** What happened while nobody looked, as toasts. */
import { heard } from '../ipc/call';
import { formatMoney } from '../format/money';
import { go } from '../router';
import { toast, type NewToast } from '../toasts.svelte';
import { words } from '../words';

type News = Parameters<Parameters<typeof heard.news>[0]>[0];

/** The toast that tells a piece of news. */
export function told(news: News): NewToast {
  const amount = formatMoney(news.amount);
  const action = { label: words.news.show, run: () => go('invoice', { id: news.invoice }) };
  switch (news.kind) {
    case 'paid':
      return { title: words.news.paid(amount, news.customer), text: news.is_settled ? words.news.settled(news.number) : words.news.partly(news.number), tone: 'ok', action };
    case 'paid_too_much':
      return { title: words.news.paid(amount, news.customer), text: words.news.tooMuch(news.number), tone: 'warn', action };
    case 'refunded':
      return { title: words.news.refunded(amount, news.customer), text: news.number, tone: 'warn', action, key: `refunded ${news.number}` };
    case 'refused':
      return { title: words.news.refused(news.customer), text: words.news.refusedText(news.number), tone: 'warn', action };
    case 'charged_back':
      return { title: words.news.chargedBack(amount, news.customer), text: news.number, tone: 'warn', action, key: `charged back ${news.number}` };
    case 'refund_refused':
      return { title: words.news.refundRefused(amount, news.customer), text: words.news.refundRefusedText(news.number), tone: 'warn', action };
    case 'paid_in_test':
      return { title: words.news.test(amount, news.customer), text: words.news.testText(news.number), tone: 'neutral', action };
  }
}

/** Shows news as they come; the answer ends it. */
export function followNews(): () => void {
  const stop = heard.news((news) => void toast.add(told(news)));
  return () => void stop.then((end) => end());
}
