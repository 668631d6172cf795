/** Which mail provider a mailbox belongs to. The last of the list is any other one. */
import type { MailboxForm, MailPreset } from '../../ipc/call';

/** The part of an address that names the provider; empty while it is not complete. */
export function domainOf(address: string): string {
  return /@([^@\s]+\.[^@\s]{2,})$/.exec(address.trim())?.[1]?.toLowerCase() ?? '';
}

/** The provider an address betrays. Undefined for a domain of one's own: nobody knows where it is kept. */
export function presetOf(address: string, presets: readonly MailPreset[]): MailPreset | undefined {
  const domain = domainOf(address);
  return domain ? presets.find((preset) => preset.domains.includes(domain)) : undefined;
}

/** The provider of a form as it opens: by its server, else by its address; undefined while both are empty. */
export function presetOfForm(form: MailboxForm, presets: readonly MailPreset[]): MailPreset | undefined {
  const host = form.host.trim().toLowerCase();
  if (host) return presets.find((preset) => preset.host === host) ?? presets.at(-1);
  return presetOf(form.address, presets) ?? (domainOf(form.address) ? presets.at(-1) : undefined);
}
