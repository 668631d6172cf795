/** The one door between the window and Rust: every command and every event passes here. */
import { words } from '../words';
import { commands, events, type Failure } from './bindings';

export type * from './bindings';

type Data<Answer> = Answer extends { status: 'ok'; data: infer T } ? T : never;
type Called<Command> = Command extends (...given: infer Given) => Promise<infer Answer>
  ? (...given: Given) => Promise<Data<Answer>>
  : never;
type Acquit = { [Name in keyof typeof commands]: Called<(typeof commands)[Name]> };
type Answer = { status: 'ok'; data: unknown } | { status: 'error'; error: Failure };

/** What Rust refused, with the sentence to show. */
export class Refusal extends Error {
  constructor(readonly failure: Failure) {
    super(failure.sentence);
  }
}

/** The failure to show for anything that was thrown. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Refusal) return thrown.failure;
  return { code: 'no_answer', sentence: words.failure.noAnswer, field: null, reference: `no_answer · ${String(thrown)}` };
}

function called(command: (...given: never[]) => Promise<Answer>) {
  return async (...given: never[]): Promise<unknown> => {
    const answer = await command(...given);
    if (answer.status === 'error') throw new Refusal(answer.error);
    return answer.data;
  };
}

/** The commands of `src-tauri`; each throws a {@link Refusal}. */
export const acquit = Object.fromEntries(
  Object.entries(commands).map(([name, command]) => [name, called(command as never)]),
) as unknown as Acquit;

/** What Rust tells without being asked; each answers with what stops the listening. */
export const heard = {
  changed: (run: () => void) => events.changed.listen(run),
  pullChanged: (run: (pull: Parameters<Parameters<typeof events.pullChanged.listen>[0]>[0]['payload']['pull']) => void) =>
    events.pullChanged.listen((event) => run(event.payload.pull)),
  exportProgress: (run: (progress: Parameters<Parameters<typeof events.exportProgress.listen>[0]>[0]['payload']) => void) =>
    events.exportProgress.listen((event) => run(event.payload)),
  news: (run: (news: Parameters<Parameters<typeof events.news.listen>[0]>[0]['payload']) => void) =>
    events.news.listen((event) => run(event.payload)),
};
