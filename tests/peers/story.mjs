// What the peers live through, and how two databases are told to be equal.
import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';

PouchDB.plugin(memory);

export { PouchDB };

export const UNUSUAL_IDS = [
  '007', '1e5', 'a/b', 'a%2Fb', '/leading', 'trailing/', 'a//b', 'a b', 'a+b', 'a?b=c&d', 'a#b', '"quoted"', 'a\\b',
  '石桥村:2026', 'é', 'e\u0301', '😀', 'A', 'ä', '~', '-', '.', '..', 'x'.repeat(300), '_design/plain', '_design/a/b',
];

const base64 = (text) => Buffer.from(text).toString('base64');

// Edits, deletions, conflicts and attachments; `who` keeps the documents of two writers apart.
export async function live(db, who) {
  for (const id of UNUSUAL_IDS) await db.put({ _id: `${id}${who}`, who, id });
  const edited = await db.put({ _id: `edited-${who}`, n: 0 });
  let rev = edited.rev;
  for (let n = 1; n <= 12; n += 1) rev = (await db.put({ _id: `edited-${who}`, _rev: rev, n })).rev;
  const gone = await db.put({ _id: `gone-${who}`, secret: true });
  await db.remove(`gone-${who}`, gone.rev);
  const parting = await db.put({ _id: `parting-${who}`, n: 1 });
  await db.put({ _id: `parting-${who}`, _rev: parting.rev, _deleted: true, why: '撤回' });
  const back = await db.put({ _id: `back-${who}`, n: 1 });
  await db.remove(`back-${who}`, back.rev);
  await db.put({ _id: `back-${who}`, n: 2 });                         // CouchDB takes no tombstone for a parent
  await db.put({
    _id: `files-${who}`,
    _attachments: {
      'a.txt': { content_type: 'text/plain', data: base64('照片 one') },
      'b/c.bin': { content_type: 'application/octet-stream', data: Buffer.from([0, 255, 13, 10, 45, 45]).toString('base64') },
      empty: { content_type: 'text/plain', data: '' },
    },
  });
  const files = await db.get(`files-${who}`);
  await db.put({ ...files, n: 2 });                                   // keeps its files as stubs
  const again = await db.get(`files-${who}`);
  await db.putAttachment(`files-${who}`, 'd.txt', again._rev, base64('later'), 'text/plain');
  const one = await db.get(`files-${who}`);
  await db.removeAttachment(`files-${who}`, 'a.txt', one._rev);
  await branch(db, `conflict-${who}`);
}

// Three leaves on one document, one of them a tombstone.
async function branch(db, id) {
  const graft = (start, ids, more) => ({ _id: id, _rev: `${start}-${ids[0]}`, _revisions: { start, ids }, ...more });
  // PouchDB tells revisions of one document apart by their digests alone, so none stands twice.
  const [a, b, c, d, e, f] = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => letter.repeat(32));
  await db.bulkDocs([graft(1, [a], { n: 1 })], { new_edits: false });
  await db.bulkDocs([
    graft(3, [c, b, a], { branch: 'c' }),
    graft(3, [d, b, a], { branch: 'd' }),
    graft(4, [e, d, b, a], { _deleted: true }),
    graft(2, [f, a], { branch: 'f', _attachments: { f: { content_type: 'text/plain', data: base64('on a branch') } } }),
  ], { new_edits: false });
}

// Everything two equal databases have in common: every leaf with its path, body and files, and the winner.
export async function census(db) {
  const { results } = await db.changes({ since: 0, style: 'all_docs' });
  const told = {};
  for (const { id, changes, deleted } of results) {
    const leaves = [];
    for (const { ok } of await db.get(id, { open_revs: 'all', revs: true })) leaves.push(await leaf(db, id, ok));
    leaves.sort((x, y) => (x._rev < y._rev ? -1 : 1));
    const revs = changes.map((each) => each.rev).sort();
    told[id] = { winner: await winner(db, id), deleted: Boolean(deleted), revs, leaves };
  }
  return told;
}

async function leaf(db, id, ok) {
  if (!ok._attachments) return ok;
  const { _attachments } = await db.get(id, { rev: ok._rev, attachments: true });
  // Not `revpos`: PouchDB sets it anew on what it receives.
  const files = Object.entries(_attachments).sort().map(([name, file]) => [name, file.content_type, file.data]);
  return { ...ok, _attachments: files };
}

async function winner(db, id) {
  const { rows: [row] } = await db.allDocs({ keys: [id] });
  return row.value;
}

// Both ways until nothing moves, as PouchDB does it.
export async function sync(one, other) {
  const report = await PouchDB.sync(one, other, { batch_size: 20 });
  return {
    ok: report.push.ok && report.pull.ok,
    errors: [...report.push.errors, ...report.pull.errors],
    written: report.push.docs_written + report.pull.docs_written,
  };
}

export function tell(value) {
  process.stdout.write(JSON.stringify(value));
}
