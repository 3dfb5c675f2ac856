// node pouchdb.mjs: PouchDBs in memory, told line by line what to do: [database, what, argument] -> {ok} or {error}.
import { createInterface } from 'node:readline';
import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';

PouchDB.plugin(memory);

const open = new Map();

// Each leaf with the path to it, newest first, out of PouchDB's own tree.
function* paths({ pos, ids: [digest, { deleted }, children] }, older = []) {
  const path = [digest, ...older];
  if (!children.length) yield [pos, Boolean(deleted), ...path];
  for (const child of children) yield* paths({ pos: pos + 1, ids: child }, path);
}

const tree = (db, id) => new Promise((resolve, reject) => {
  db._getRevisionTree(id, (error, roots) => {
    if (error) return error.status === 404 ? resolve(null) : reject(error);
    return resolve(roots.flatMap((root) => [...paths(root)]));
  });
});

const commands = {
  tree,
  write: (db, docs) => db.bulkDocs(docs),
  graft: (db, docs) => db.bulkDocs(docs, { new_edits: false }),
  missing: (db, offered) => db.revsDiff(offered),
  compact: (db) => db.compact(),
  sequence: async (db) => (await db.info()).update_seq,
  changes: async (db) => (await db.changes({ since: 0, style: 'all_docs' })).results,
  read: (db, wanted) => Promise.all(wanted.map(([id, rev]) => db.get(id, { rev, revs: true }))),
  // Which revision PouchDB shows and which it calls conflicts; null where it shows none.
  shown: (db, id) => db.get(id, { conflicts: true }).then(
    ({ _rev, _conflicts = [] }) => [_rev, ..._conflicts],
    (error) => (error.status === 404 ? null : Promise.reject(error)),
  ),
  destroy: async (db) => {
    open.delete(db.name);
    await db.destroy();
  },
};

async function answer([name, what, argument]) {
  if (what === 'open') {
    open.set(name, new PouchDB(name, { adapter: 'memory', revs_limit: argument }));
    return null;
  }
  return commands[what](open.get(name), argument);
}

for await (const line of createInterface({ input: process.stdin })) {
  const told = await answer(JSON.parse(line)).then((ok) => ({ ok: ok ?? null }), (error) => ({ error: String(error.stack) }));
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
