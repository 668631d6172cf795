/** A new invoice has an id at once; nothing is kept before something is typed. */
import { acquit, failureOf } from '../../ipc/call';
import { go } from '../../router';
import { desk } from '../../state/desk.svelte';

export async function newInvoice(customer?: string): Promise<void> {
  desk.refused = null;
  try {
    const id = await acquit.newDraft();
    go('editor', { id }, customer ? { query: { client: customer } } : {});
  } catch (thrown) {
    desk.refused = failureOf(thrown);
  }
}
