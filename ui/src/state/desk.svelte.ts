/** What every screen shares: the open company, the status line of the pull, the hour, and how often the file has changed. */
import { acquit, failureOf, heard, type Failure, type Pull, type Start } from '../ipc/call';

const WAITING: Pull = { state: 'waiting', succeeded_at: null, sentence: null, code: null, next_at: null };
const CLOCK_MS = 15_000;

class Desk {
  /** What the window started with; null before the first answer. */
  start = $state.raw<Start | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What was asked for and failed, where no screen of its own tells it; until it is dismissed. */
  refused = $state.raw<Failure | null>(null);
  pull = $state.raw<Pull>(WAITING);
  /** Grows with each change of the company's file: what is shown may be old. */
  version = $state(0);
  /** The hour, for “il y a 5 min”. */
  now = $state(new Date().toISOString());

  /** Asks what is open, and again after each change. */
  async load(): Promise<void> {
    try {
      this.start = await acquit.start();
      this.pull = this.start.pull;
      this.failure = null;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  /** Follows what Rust tells; the answer ends it. */
  follow(): () => void {
    const stops = [
      heard.changed(() => {
        this.version += 1;
        void this.load();
      }),
      heard.pullChanged((pull) => {
        this.pull = pull;
      }),
    ];
    const clock = setInterval(() => {
      this.now = new Date().toISOString();
    }, CLOCK_MS);
    return () => {
      clearInterval(clock);
      for (const stop of stops) void stop.then((end) => end());
    };
  }
}

export const desk = new Desk();
