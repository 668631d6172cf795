/** A payment that no link asked for becomes the draft of its invoice. */
import { acquit } from '../../ipc/call';
import { formatMoney } from '../../format/money';
import { go } from '../../router';
import { toast } from '../../toasts.svelte';
import { words } from '../../words';

/** Makes the draft and opens it; says what is still to be done, and where a cent is missing. */
export async function makeInvoice(payment: string): Promise<void> {
  const said = words.attach;
  const made = await acquit.draftOfPayment(payment);
  const amount = formatMoney(made.amount);
  const cent = made.total === made.amount ? '' : ` ${said.cent(formatMoney(made.total), amount)}`;
  toast.add({ title: said.made, text: said.madeText(amount) + cent, tone: 'ok' });
  go('editor', { id: made.id });
}
