/** The text with the link that goes into a telephone's message. */
import { acquit } from '../../ipc/call';
import { copyText } from '../../shell/copy';
import { toast } from '../../toasts.svelte';
import { words } from '../../words';

export async function copySms(id: string): Promise<void> {
  const text = await acquit.smsText(id);
  const isCopied = await copyText(text);
  toast.add({ title: isCopied ? words.mail.smsCopied : words.action.copyFailed, tone: isCopied ? 'neutral' : 'warn', text: isCopied ? undefined : text, key: 'copied' });
  // The link has left for the customer: a later one would have to be sent again.
  if (isCopied) await acquit.linkCarried(id);
}
