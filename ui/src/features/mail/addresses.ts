/** Addresses as they are typed, for what the form shows of them. Whether they can be sent to is for Rust to say. */
import type { MailProposal } from '../../ipc/call';
import { words } from '../../words';

const SHOWN_MAX = 24;

/** `a@x.example, b@y.example` → both, without what is empty. */
export function addressesIn(text: string): string[] {
  return text.split(/[,;\n]/).map((one) => one.trim()).filter(Boolean);
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

export function hasAddress(text: string, address: string): boolean {
  return addressesIn(text).some((one) => isSame(one, address));
}

/** `c.petitjean@syndic.example · Petitjean, Comptabilité`, as far as it is known. */
export function shownProposal({ address, name, role }: MailProposal): string {
  const who = [name, role].filter(Boolean).join(', ');
  return who ? `${address} · ${who}` : address;
}

/** Adds an address that is not there, takes one away that is. */
export function toggleAddress(text: string, address: string): string {
  const there = addressesIn(text);
  const others = there.filter((one) => !isSame(one, address));
  return (others.length < there.length ? others : [...there, address]).join(', ');
}

/** What the button says: `Envoyer à marchand@…`; a name that would push the others away is left out. */
export function sendLabel(text: string): string {
  const said = words.mail;
  const there = addressesIn(text);
  const [first = ''] = there;
  if (there.length > 1) return said.sendToMany(there.length);
  const [, name = ''] = /^([^@\s<>]+)@\S+$/.exec(first) ?? [];
  return name && name.length <= SHOWN_MAX ? said.sendTo(`${name}@…`) : said.send;
}
