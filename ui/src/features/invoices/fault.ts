/** What is wrong in a draft, with the name of its field: a list of faults stands away from the fields. */
import type { FieldError, LineForm } from '../../ipc/call';
import { words } from '../../words';

const said = words.editor;
const FIELDS: Record<string, string> = {
  customer: said.customer, title: said.subject, issue_date: said.date, due_date: said.due, site_address: said.site,
  customer_reference: said.reference, notes: said.notes, discount_percent: said.discount, retention_percent: said.retention,
  retention_release: words.retention.releaseOn,
  refers_to: words.kinds.deduct, deductions: words.kinds.otherDeductions,
};
const CELLS: Record<string, string> = {
  quantity: said.quantity, unit: said.unit, unit_price: said.price, vat: said.vat, discount_percent: words.kinds.lineDiscount, progress: words.kinds.progress,
};

/** The line and the column of an error in the lines. */
function cellOf(error: FieldError, lines: readonly LineForm[]): { line: number; column: string | undefined } | null {
  const [, index, name = ''] = /^lines\[(\d+)\]\.(\w+)$/.exec(error.field) ?? [];
  if (index === undefined) return null;
  const description = { line: said.description, section: said.section, comment: said.comment }[lines[Number(index)]?.kind ?? 'line'];
  return { line: Number(index) + 1, column: name === 'description' ? description : CELLS[name] };
}

/** `Prix HT : Ce champ ne peut pas être vide.`, under its line. */
export function inCell(error: FieldError, lines: readonly LineForm[]): string {
  const column = cellOf(error, lines)?.column;
  return column ? said.fault(column, error.sentence) : error.sentence;
}

/** `Ligne 2, Prix HT : Ce champ ne peut pas être vide.`, away from it. */
export function named(error: FieldError, lines: readonly LineForm[]): string {
  const cell = cellOf(error, lines);
  const list = error.field.replace(/\[.*/, '');
  const place = cell ? [said.line(cell.line), cell.column].filter(Boolean).join(', ') : (FIELDS[error.field] ?? FIELDS[list]);
  return place ? said.fault(place, error.sentence) : error.sentence;
}
