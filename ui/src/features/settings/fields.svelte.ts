/** Errors of a form by field, as Rust found them. They go when the person types again, and come back with the next answer. */
import { tick } from 'svelte';
import type { FieldError } from '../../ipc/call';

/** Leads to the field of a path, unfolding what hides it; false where there is none. */
export function focusField(path: string): boolean {
  const field = document.querySelector(`[data-path="${CSS.escape(path)}"]`);
  for (let fold = field?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true;
  const control = field?.querySelector<HTMLElement>('input, textarea, select') ?? field?.querySelector<HTMLElement>('button');
  control?.focus();
  return Boolean(control);
}

export class Fields {
  #errors = $state.raw<readonly FieldError[]>([]);
  /** How often somebody typed. */
  #typed = 0;

  /** The sentence to show under a field. */
  of(path: string): string | null {
    return this.#errors.find((error) => error.field === path)?.sentence ?? null;
  }

  get all(): readonly FieldError[] {
    return this.#errors;
  }

  /** Shows errors, and leads to the first. */
  show(errors: readonly FieldError[]): void {
    this.#errors = errors;
    const first = errors[0];
    if (first) void tick().then(() => focusField(first.field));
  }

  /**
   * Begins a question to Rust; what it gives shows the answer. Who typed meanwhile, or went to another field, is not led
   * away: the next letters would land in the wrong one.
   */
  asking(): (errors: readonly FieldError[]) => void {
    const typed = this.#typed;
    const at = document.activeElement;
    return (errors) => {
      const now = document.activeElement;
      if (typed === this.#typed && (now === at || now === document.body)) this.show(errors);
      else this.set(errors);
    };
  }

  /** Shows errors where the person is not led anywhere: they are still typing. */
  set(errors: readonly FieldError[]): void {
    this.#errors = errors;
  }

  touched(): void {
    this.#typed += 1;
    this.#errors = [];
  }
}
