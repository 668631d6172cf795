/** A file that was chosen to go with a mail, read whole: nothing outside Acquit is opened later. */
import { words } from '../words';
import { formatSize } from './size';

const MOST_BYTES = 10_000_000;

export type ReadFile = { base64: string; fault: null } | { base64: null; fault: string };

function base64Of(file: File): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(file);
  });
}

/** Its content, or why it cannot go with a mail. */
export async function readFile(file: File): Promise<ReadFile> {
  const said = words.mailbox.files;
  const wrong = (fault: string): ReadFile => ({ base64: null, fault });
  if (file.size === 0) return wrong(said.empty(file.name));
  if (file.size > MOST_BYTES) return wrong(said.tooBig(file.name, formatSize(file.size)));
  const base64 = await base64Of(file);
  return base64 === null ? wrong(said.unreadable(file.name)) : { base64, fault: null };
}
