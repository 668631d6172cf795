/** Failed tries on an invoice. */
import type { AttemptRow } from '../../ipc/call';

/** Nobody refused anything: the customer left the page. */
export const wasLeft = (attempt: AttemptRow): boolean => attempt.code === 'aborted' || attempt.code === 'timeout';
