/** A screen that an address opens at one of its fields: `?champ=siren`. */
import { tick, untrack } from 'svelte';
import { focusField } from './fields.svelte';

/** Leads to the field once its form is there. Only while a component is made. */
export function leadsTo(field: () => string | null, isThere: () => boolean): void {
  let led: string | null = null;
  $effect(() => {
    const asked = field();
    if (asked === null || asked === led || !isThere()) return;
    led = asked;
    untrack(() => void tick().then(() => focusField(asked)));
  });
}
