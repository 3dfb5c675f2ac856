// A photo of a paper taken askew becomes the paper seen from above; whether a photo is sharp; where a paper's corners
// may be. Pure: pixels in, pixels or numbers out. Corners are [x, y] as parts of width and height, from the upper left
// clockwise. ES2017, no libraries.

// From a place on the straight paper (0 to 1) to a place on the photo (Heckbert 1989, square to quadrilateral).
const placing = ([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]) => {
  const dx1 = x1 - x2;
  const dx2 = x3 - x2;
  const dy1 = y1 - y2;
  const dy2 = y3 - y2;
  const sx = x0 - x1 + x2 - x3;
  const sy = y0 - y1 + y2 - y3;
  const whole = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / whole;
  const h = (dx1 * sy - sx * dy1) / whole;
  const a = x1 - x0 + g * x1;
  const b = x3 - x0 + h * x3;
  const d = y1 - y0 + g * y1;
  const e = y3 - y0 + h * y3;
  return (u, v) => {
    const under = g * u + h * v + 1;
    return [(a * u + b * v + x0) / under, (d * u + e * v + y0) / under];
  };
};

const inPixels = (corners, width, height) => corners.map(([x, y]) => [x * (width - 1), y * (height - 1)]);

const far = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

// How large the straight paper is: its longer sides, and no more than `longest`.
export const straightSize = (corners, width, height, longest) => {
  const [a, b, c, d] = inPixels(corners, width, height);
  const wide = Math.max(far(a, b), far(d, c), 1);
  const high = Math.max(far(a, d), far(b, c), 1);
  const scale = Math.min(1, longest / Math.max(wide, high));
  return [Math.max(1, Math.round(wide * scale)), Math.max(1, Math.round(high * scale))];
};

// Whether four corners go round a paper: none inside the others, none on top of another.
export const isPaper = (corners) => corners.every((one, number) => {
  const before = corners[(number + 3) % 4];
  const after = corners[(number + 1) % 4];
  return (one[0] - before[0]) * (after[1] - one[1]) - (one[1] - before[1]) * (after[0] - one[0]) > 0.001;
});

// The paper between the corners, seen from above: pixels {data, width, height}, four bytes each.
export const straighten = (photo, corners, [wide, high]) => {
  const place = placing(inPixels(corners, photo.width, photo.height));
  const from = photo.data;
  const data = new Uint8ClampedArray(wide * high * 4);
  let to = 0;
  for (let row = 0; row < high; row += 1) {
    for (let column = 0; column < wide; column += 1, to += 4) {
      const [x, y] = place((column + 0.5) / wide, (row + 0.5) / high);
      const left = Math.min(photo.width - 1, Math.max(0, Math.floor(x)));
      const top = Math.min(photo.height - 1, Math.max(0, Math.floor(y)));
      const right = Math.min(photo.width - 1, left + 1);
      const under = Math.min(photo.height - 1, top + 1);
      const fx = Math.min(1, Math.max(0, x - left));
      const fy = Math.min(1, Math.max(0, y - top));
      for (let colour = 0; colour < 3; colour += 1) {
        const upper = from[(top * photo.width + left) * 4 + colour] * (1 - fx) + from[(top * photo.width + right) * 4 + colour] * fx;
        const lower = from[(under * photo.width + left) * 4 + colour] * (1 - fx) + from[(under * photo.width + right) * 4 + colour] * fx;
        data[to + colour] = upper * (1 - fy) + lower * fy;
      }
      data[to + 3] = 255;
    }
  }
  return { data, width: wide, height: high };
};

const greys = ({ data, width, height }) => {
  const grey = new Float32Array(width * height);
  for (let place = 0; place < grey.length; place += 1) {
    grey[place] = 0.299 * data[place * 4] + 0.587 * data[place * 4 + 1] + 0.114 * data[place * 4 + 2];
  }
  return grey;
};

// How sharp a small picture is: the variance of its Laplacian. Print in focus has hundreds, a blurred page a dozen.
const sharpness = (photo) => {
  const grey = greys(photo);
  const { width, height } = photo;
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let row = 1; row < height - 1; row += 1) {
    for (let column = 1; column < width - 1; column += 1) {
      const at = row * width + column;
      const bend = grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width] - 4 * grey[at];
      sum += bend;
      squares += bend * bend;
      count += 1;
    }
  }
  return count ? squares / count - (sum / count) ** 2 : 0;
};

// As small a photo is enough to find a paper in it, and to see whether print is sharp.
export const SMALL = 320;
const BLURRED = 40;

// Whether nobody may be able to read it: only a hint, for a blank page is not sharp either.
export const isBlurred = (photo) => sharpness(photo) < BLURRED;

// Where light parts from dark (Otsu 1979).
const threshold = (grey) => {
  const counts = new Array(256).fill(0);
  grey.forEach((value) => { counts[Math.min(255, Math.round(value))] += 1; });
  const total = counts.reduce((sum, count, value) => sum + count * value, 0);
  let below = 0;
  let sumBelow = 0;
  let best = 0;
  let most = -1;
  counts.forEach((count, value) => {
    below += count;
    sumBelow += count * value;
    const above = grey.length - below;
    if (below && above) {
      const apart = sumBelow / below - (total - sumBelow) / above;
      if (below * above * apart * apart > most) {
        most = below * above * apart * apart;
        best = value;
      }
    }
  });
  return best;
};

// The largest light patch of a small picture, as places.
const largestLight = (grey, width, height) => {
  const level = threshold(grey);
  const seen = new Uint8Array(grey.length);
  let largest = [];
  for (let start = 0; start < grey.length; start += 1) {
    const patch = [];
    if (!seen[start] && grey[start] > level) {
      seen[start] = 1;
      patch.push(start);
      for (let next = 0; next < patch.length; next += 1) {
        const at = patch[next];
        const column = at % width;
        for (const other of [column ? at - 1 : -1, column + 1 < width ? at + 1 : -1, at - width, at + width]) {
          if (other >= 0 && other < width * height && !seen[other] && grey[other] > level) {
            seen[other] = 1;
            patch.push(other);
          }
        }
      }
    }
    largest = patch.length > largest.length ? patch : largest;
  }
  return largest;
};

// Where the corners of a light paper on a darker table may be, of a small picture; null where nothing looks like one.
export const guessCorners = (photo) => {
  const { width, height } = photo;
  const patch = largestLight(greys(photo), width, height);
  if (patch.length < 0.15 * width * height || patch.length > 0.95 * width * height) {
    return null;
  }
  const extreme = (weigh) => patch.reduce((best, at) => (weigh(at) > weigh(best) ? at : best), patch[0]);
  const x = (at) => at % width;
  const y = (at) => Math.floor(at / width);
  const found = [(at) => -x(at) - y(at), (at) => x(at) - y(at), (at) => x(at) + y(at), (at) => y(at) - x(at)].map(extreme);
  const corners = found.map((at) => [x(at) / (width - 1), y(at) / (height - 1)]);
  return isPaper(corners) ? corners : null;
};
