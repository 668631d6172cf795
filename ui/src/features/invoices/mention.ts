/** Where the field is that mends what the law wants and the data lack. */
import { address } from '../../router';

/** Fields of the services that have another name, or a part of them, on the screen. */
const ON_SCREEN: Record<string, string> = { 'company.insurance': 'company.insurer', 'company.insurance.insurer': 'company.insurer', deductions: 'retention_percent' };

/** The field's screen, if it is another one, with the field to lead to there; else the field of the editor. */
export function placeOf(mended: string, customer: string): { href: string | null; field: string } {
  const path = (ON_SCREEN[mended] ?? mended).replace('.address.', '.');
  const [owner, field] = path.split('.');
  if (owner === 'company' && field) return { href: address('settings-company', {}, { champ: field }), field };
  if (owner === 'customer' && field) return customer ? { href: address('customer', { id: customer }, { champ: field }), field } : { href: null, field: 'customer' };
  return { href: null, field: path };
}
