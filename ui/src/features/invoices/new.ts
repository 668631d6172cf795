/** A new invoice has an id at once; nothing is kept before something is typed. */
import { acquit, failureOf, type DocumentWord } from '../../ipc/call';
import { go } from '../../router';
import { desk } from '../../state/desk.svelte';

export async function newInvoice(customer?: string, kind: DocumentWord = 'invoice'): Promise<void> {
  desk.refused = null;
  try {
    const id = await acquit.newDraft();
    const query = { ...(customer ? { client: customer } : {}), ...(kind === 'invoice' ? {} : { type: kind }) };
    go('editor', { id }, { query });
  } catch (thrown) {
    desk.refused = failureOf(thrown);
  }
}

/** Makes a draft from what is there, and opens it. */
export async function openDraft(made: Promise<string>): Promise<void> {
  go('editor', { id: await made });
}
