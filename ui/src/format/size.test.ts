import { expect, it } from 'vitest';
import { formatSize } from './size';

it('writes the size of a file in octets, Ko or Mo', () => {
  expect(formatSize(0)).toBe('0\u00a0octet');
  expect(formatSize(812)).toBe('812\u00a0octets');
  expect(formatSize(84_210)).toBe('84\u00a0Ko');
  expect(formatSize(999_499)).toBe('999\u00a0Ko');
  expect(formatSize(999_500)).toBe('1\u00a0Mo');
  expect(formatSize(2_400_000)).toBe('2,4\u00a0Mo');
  expect(formatSize(10_000_000)).toBe('10\u00a0Mo');
});
