import { describe, expect, it, vi } from 'vitest';
import { allKept, Autosave } from './autosave.svelte';

describe('autosave', () => {
  it('saves the latest at a pause, once', async () => {
    vi.useFakeTimers();
    const saved: string[] = [];
    const kept = new Autosave(async (typed: string) => saved.push(typed));
    kept.note('a');
    kept.note('ab');
    await vi.runAllTimersAsync();
    expect(saved).toEqual(['ab']);
    vi.useRealTimers();
  });
  it('saves every second while the typing never pauses', async () => {
    vi.useFakeTimers();
    const saved: string[] = [];
    const kept = new Autosave(async (typed: string) => saved.push(typed));
    for (let typed = 0; typed < 25; typed += 1) {
      kept.note(String(typed));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(saved).toEqual(['9', '19']);
    await vi.runAllTimersAsync();
    expect(saved).toEqual(['9', '19', '24']);
    vi.useRealTimers();
  });
  it('saves what waits when the window or the screen goes', async () => {
    const saved: string[] = [];
    const kept = new Autosave(async (typed: string) => saved.push(typed));
    const leave = kept.onLeave();
    kept.note('a');
    window.dispatchEvent(new Event('pagehide'));
    await kept.flush();
    expect(saved).toEqual(['a']);
    kept.note('b');
    leave();
    await Promise.resolve();
    await Promise.resolve();
    expect(saved).toEqual(['a', 'b']);
    kept.note('c');
    window.dispatchEvent(new Event('pagehide'));
    await Promise.resolve();
    await Promise.resolve();
    expect(saved).toEqual(['a', 'b']);
    kept.drop();
  });
  it('keeps what could not be saved, and saves it at the next try', async () => {
    let broken = true;
    const saved: string[] = [];
    const kept = new Autosave(async (typed: string) => {
      if (broken) throw new Error('no disk');
      saved.push(typed);
    });
    kept.note('a');
    await kept.flush();
    expect(kept.failure?.code).toBe('no_answer');
    broken = false;
    await kept.flush();
    expect(saved).toEqual(['a']);
    expect(kept.failure).toBeNull();
  });
  it('saves one after the other', async () => {
    const order: string[] = [];
    const kept = new Autosave(async (typed: string) => {
      order.push(`${typed} begins`);
      await Promise.resolve();
      order.push(`${typed} ends`);
    });
    kept.note('a');
    const first = kept.flush();
    await Promise.resolve();
    kept.note('b');
    await Promise.all([first, kept.flush()]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });
  it('drops what is not to be saved any more', async () => {
    const saved: string[] = [];
    const kept = new Autosave(async (typed: string) => saved.push(typed));
    kept.note('a');
    kept.drop();
    await kept.flush();
    expect(saved).toEqual([]);
  });
  it('lets the next screen wait for what the last one saves', async () => {
    const saved: string[] = [];
    let done = () => {};
    const slow = new Promise<void>((resolve) => { done = resolve; });
    const kept = new Autosave(async (typed: string) => {
      await slow;
      saved.push(typed);
    });
    const leave = kept.onLeave();
    kept.note('a');
    leave();
    const next = allKept().then(() => saved.push('read'));
    done();
    await next;
    expect(saved).toEqual(['a', 'read']);
  });
});
