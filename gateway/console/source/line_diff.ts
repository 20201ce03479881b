// What differs between two texts, line by line.
export interface Line {
  mark: ' ' | '+' | '-';
  text: string;
  number: number;
}
const linesMax = 3000;

/** Longest common subsequence, after what both begin and end with; of very long texts all is shown as changed. */
export function diff(before: string, after: string): Line[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const left = a.slice(start, a.length - end);
  const right = b.slice(start, b.length - end);
  const out: Line[] = a.slice(0, start).map((text, index) => ({ mark: ' ', text, number: index + 1 }));
  out.push(...middle(left, right, start));
  for (let i = 0; i < end; i += 1) out.push({ mark: ' ', text: b[b.length - end + i] ?? '', number: b.length - end + i + 1 });
  return out;
}

function middle(left: string[], right: string[], start: number): Line[] {
  const gone = (i: number): Line => ({ mark: '-', text: left[i] ?? '', number: start + i + 1 });
  const come = (j: number): Line => ({ mark: '+', text: right[j] ?? '', number: start + j + 1 });
  if (left.length > linesMax || right.length > linesMax) return [...left.map((_, i) => gone(i)), ...right.map((_, j) => come(j))];
  const width = right.length + 1;
  const common = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1)
    for (let j = right.length - 1; j >= 0; j -= 1)
      common[i * width + j] =
        left[i] === right[j] ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  const out: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      out.push({ mark: ' ', text: right[j] ?? '', number: start + j + 1 });
      i += 1;
      j += 1;
    } else if (j >= right.length || (i < left.length && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))) {
      out.push(gone(i));
      i += 1;
    } else {
      out.push(come(j));
      j += 1;
    }
  }
  return out;
}
