/** Which of the proposed reminders leave: all that can, but those that were put aside. */
import type { ReminderChoice, ReminderGroup } from '../../ipc/call';

/** Invoices whose reminders were unticked. By invoice, so that a list that is read again forgets nothing. */
export type Aside = ReadonlySet<string>;

export const idsOf = (group: ReminderGroup): string[] => group.invoices.map((invoice) => invoice.row.id);

/** An invoice stands in one group only. */
export const keyOf = (group: ReminderGroup): string => idsOf(group)[0] ?? `${group.customer_code} ${group.level}`;

export const choiceOf = (group: ReminderGroup): ReminderChoice => ({ customer_code: group.customer_code, level: group.level, invoices: idsOf(group) });

/** Whether it could leave at all. */
export const canLeave = (group: ReminderGroup, hasMailbox: boolean): boolean => hasMailbox && group.to.length > 0;

/** A mail with one invoice that was unticked before does not leave unseen. */
export const isChosen = (group: ReminderGroup, aside: Aside, hasMailbox: boolean): boolean =>
  canLeave(group, hasMailbox) && !idsOf(group).some((id) => aside.has(id));

export function ticked(group: ReminderGroup, aside: Aside, isTicked: boolean): Aside {
  const next = new Set(aside);
  for (const id of idsOf(group)) {
    if (isTicked) next.delete(id);
    else next.add(id);
  }
  return next;
}

/** What is still shown once some of it has been dealt with. */
export function without(groups: readonly ReminderGroup[], gone: readonly ReminderGroup[]): ReminderGroup[] {
  const keys = new Set(gone.map(keyOf));
  return groups.filter((group) => !keys.has(keyOf(group)));
}

export type Sums = { mails: number; customers: number; total: number };

export function sumsOf(groups: readonly ReminderGroup[]): Sums {
  return {
    mails: groups.length,
    customers: new Set(groups.map((group) => group.customer_code)).size,
    total: groups.reduce((sum, group) => sum + group.total, 0),
  };
}
