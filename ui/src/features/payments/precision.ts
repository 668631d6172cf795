/** What stands beside the state of an online payment: why, out of how much, at which try. */
import type { OnlinePayment } from '../../ipc/call';
import { formatMoney } from '../../format/money';
import { words } from '../../words';

/** A sentence as it stands inside a line: `Provision insuffisante.` → `provision insuffisante`. */
export function inline(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}

export function precision(payment: OnlinePayment): string {
  const said = words.online;
  switch (payment.outcome) {
    case 'requested':
      return said.requested;
    case 'to_send_again':
      return said.toSendAgain;
    case 'aborting':
      return said.aborting;
    case 'withdrawn':
      return said.withdrawn;
    case 'no_link':
    case 'refused':
    case 'abandoned':
      return payment.sentence === null ? '' : inline(payment.sentence);
    case 'paid':
      if (payment.is_test) return said.outOfBooks;
      return payment.tries > 0 ? said.nthTry(payment.tries + 1) : '';
    case 'partly_refunded':
      return said.outOf(formatMoney(payment.amount));
    case 'refunded':
      return said.inFull;
    case 'disputed':
    case 'pending':
      return '';
  }
}

/** The amount as the list shows it: what went back is taken off. */
export function signedAmount(payment: OnlinePayment): number {
  const back = payment.outcome === 'partly_refunded' || payment.outcome === 'refunded' || payment.outcome === 'disputed';
  return back && payment.given_back > 0 ? -payment.given_back : payment.amount;
}
