// node let_go.mjs ADDRESS: a PouchDB pulls, and pulls once more after a line on standard input; what it has, both times.
import { createInterface } from 'node:readline/promises';
import { PouchDB, tell } from './story.mjs';

const here = new PouchDB('here', { adapter: 'memory' });

const pull = async () => {
  const told = await PouchDB.replicate(process.argv[2], here).catch((error) => ({ ...error.result, error: error.message }));
  const { rows } = await here.allDocs({ include_docs: true });
  return { ok: told.ok, last: told.last_seq, error: told.error, docs: rows.map(({ doc }) => [doc._id, doc.n]) };
};

const first = await pull();
process.stderr.write('again?\n');
const lines = createInterface({ input: process.stdin });
for await (const _ of lines) break;
const second = await pull();
tell({ first, second });
await here.close();
lines.close();
