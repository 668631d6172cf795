/** Keeps what is typed: at each pause and at least every second, on leaving, one save after the other, the latest last. */
import { tick } from 'svelte';
import { failureOf, type Failure } from '../ipc/call';

const PAUSE_MS = 350;
const MOST_MS = 1000;

/** What screens that were left still save. */
let leaving: Promise<unknown> = Promise.resolve();

/** Done when what was typed on the screen before this one is kept, so that what is read then knows of it. */
export async function allKept(): Promise<void> {
  await tick();
  await leaving;
}

export class Autosave<T, A> {
  /** What the last save answered. */
  answer = $state.raw<A | null>(null);
  failure = $state.raw<Failure | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Since when something waits. */
  #since: number | undefined;
  #waiting: T | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(readonly save: (typed: T) => Promise<A>) {}

  /** Something was typed. */
  note(typed: T): void {
    this.#waiting = typed;
    clearTimeout(this.#timer);
    this.#since ??= Date.now();
    // Steady typing has no pause: it may not wait for ever.
    const left = this.#since + MOST_MS - Date.now();
    this.#timer = setTimeout(() => void this.flush(), Math.max(0, Math.min(PAUSE_MS, left)));
  }

  /** Saves at once what waits; done when everything typed is kept. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#since = undefined;
    this.#running = this.#running.then(async () => {
      const typed = this.#waiting;
      if (typed === undefined) return;
      this.#waiting = undefined;
      try {
        this.answer = await this.save(typed);
        this.failure = null;
      } catch (thrown) {
        this.#waiting ??= typed;
        this.failure = failureOf(thrown);
      }
    });
    return this.#running;
  }

  /** Saves when the window goes; what it answers saves when the screen goes. Made for an effect. */
  onLeave(): () => void {
    const save = () => {
      leaving = Promise.all([leaving, this.flush()]);
    };
    window.addEventListener('pagehide', save);
    return () => {
      window.removeEventListener('pagehide', save);
      save();
    };
  }

  /** Nothing that waits is to be saved any more. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#since = undefined;
    this.#waiting = undefined;
  }
}
