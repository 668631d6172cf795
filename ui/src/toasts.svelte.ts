/** The short messages at the bottom right: what was done, what came in. Never an error. */

export type ToastTone = 'neutral' | 'accent' | 'ok' | 'warn';
export type ToastAction = { label: string; run: () => void };
export type NewToast = {
  title: string;
  text?: string | undefined;
  tone?: ToastTone | undefined;
  action?: ToastAction | undefined;
  /** A toast of the same key takes the place of the former one. */
  key?: string | undefined;
};
export type Toast = NewToast & { id: number; tone: ToastTone };

export const TOAST_SHOWN_MS = 6000;

class Toasts {
  #items = $state<Toast[]>([]);
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #next = 1;

  get items(): readonly Toast[] {
    return this.#items;
  }

  /** Shows a message and returns its id. */
  add(toast: NewToast): number {
    const id = this.#next++;
    const shown: Toast = { ...toast, id, tone: toast.tone ?? 'neutral' };
    const former = toast.key === undefined ? undefined : this.#items.find((item) => item.key === toast.key);
    if (former) {
      this.hold(former.id);
      this.#items = this.#items.map((item) => (item.id === former.id ? shown : item));
    } else {
      this.#items = [...this.#items, shown];
    }
    this.release(id);
    return id;
  }

  dismiss(id: number): void {
    this.hold(id);
    this.#items = this.#items.filter((item) => item.id !== id);
  }

  /** Keeps a message while it is hovered or focused. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Lets it go again, with its whole time. */
  release(id: number): void {
    this.hold(id);
    this.#timers.set(id, setTimeout(() => this.dismiss(id), TOAST_SHOWN_MS));
  }
}

export const toast = new Toasts();
