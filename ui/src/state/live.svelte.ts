/** Data of a screen that is asked again whenever the file changes. The former answer stays until the new one is there. */
import { failureOf, type Failure } from '../ipc/call';
import { desk } from './desk.svelte';

export class Live<T> {
  value = $state.raw<T | null>(null);
  failure = $state.raw<Failure | null>(null);
  #asked = 0;
  #again = $state(0);

  /** `fetch` is asked again when what it reads before its first `await` changes. Only while a component is made. */
  constructor(fetch: () => Promise<T>) {
    $effect(() => {
      void [desk.version, this.#again];
      void this.#ask(fetch());
    });
  }

  async #ask(answer: Promise<T>): Promise<void> {
    const turn = ++this.#asked;
    try {
      const value = await answer;
      if (turn === this.#asked) {
        this.value = value;
        this.failure = null;
      }
    } catch (thrown) {
      if (turn === this.#asked) this.failure = failureOf(thrown);
    }
  }

  retry(): void {
    this.#again += 1;
  }
}
