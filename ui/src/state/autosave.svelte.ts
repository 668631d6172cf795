/** Keeps what is typed: at each pause, on leaving, one save after the other, the latest last. */
import { failureOf, type Failure } from '../ipc/call';

const PAUSE_MS = 350;

export class Autosave<T, A> {
  /** What the last save answered. */
  answer = $state.raw<A | null>(null);
  failure = $state.raw<Failure | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: T | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(readonly save: (typed: T) => Promise<A>) {}

  /** Something was typed. */
  note(typed: T): void {
    this.#waiting = typed;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PAUSE_MS);
  }

  /** Saves at once what waits; done when everything typed is kept. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
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

  /** Nothing that waits is to be saved any more. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#waiting = undefined;
  }
}
