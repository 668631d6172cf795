/** What became of mails, as histories word it. */
import type { MailRow } from '../../ipc/call';
import { dayOf, formatDayTime, formatTime } from '../../format/dates';
import { words } from '../../words';

const WENT = ['queued', 'handing_over', 'sent', 'elsewhere'];

/** Whether something is still to be done about a mail. `mails` are newest first: a refusal that a later mail of the invoice made good asks nothing. */
export function asks(mail: MailRow, mails: readonly MailRow[]): boolean {
  if (mail.state === 'unclear') return true;
  if (mail.state !== 'refused') return false;
  const newer = mails.slice(0, mails.findIndex((one) => one.id === mail.id));
  return !newer.some((one) => one.invoice === mail.invoice && WENT.includes(one.state));
}

/** Why a mail stands where it stands, and what comes next. */
export function explained(mail: MailRow, today: string): string {
  const said = words.mail;
  if (mail.state !== 'queued') return mail.sentence ?? '';
  const { next_at: next } = mail;
  const when = next ? (dayOf(next) === today ? said.next(formatTime(next)) : said.nextOn(formatDayTime(next))) : '';
  return mail.sentence ? [mail.sentence, when].filter(Boolean).join(' ') : said.queuedText;
}
