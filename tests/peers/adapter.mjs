// node adapter.mjs REMOTE: what an application asks of PouchDB's HTTP adapter, and what it gets.
import { PouchDB, tell } from './story.mjs';

const db = new PouchDB(process.argv[2]);
const told = {};
const refused = async (work) => work.then(() => 'accepted', ({ status, name }) => ({ status, name }));

const made = await db.put({ _id: 'a', n: 1 });
told.made = made;
told.conflict = await refused(db.put({ _id: 'a', n: 2 }));
told.missing = await refused(db.get('unknown'));
told.reserved = await refused(db.put({ _id: '_odd' }));
told.strange = await refused(db.put({ _id: 'x', _odd: 1 }));
const posted = await db.post({ posted: true }); // its id is chance's, and may lie anywhere
const ids = (listing) => listing.rows.map((row) => row.id).filter((id) => id !== posted.id);
await db.bulkDocs([{ _id: 'b' }, { _id: 'c' }, { _id: 'a' }]);
const c = await db.get('c');
await db.remove(c);
told.deleted = await refused(db.get('c'));
told.keys = (await db.allDocs({ keys: ['a', 'c', 'unknown'], include_docs: true })).rows;
told.range = ids(await db.allDocs({ startkey: 'a', endkey: 'b\ufff0' }));
told.backwards = ids(await db.allDocs({ startkey: 'b', endkey: 'a', descending: true }));
told.bulkGet = (await db.bulkGet({ docs: [{ id: 'a' }, { id: 'a', rev: made.rev }, { id: 'unknown' }], revs: true })).results;
told.revs = await db.get('a', { revs: true, revs_info: true, conflicts: true });
told.pages = [];
for (let since = 0, page; !page || page.results.length; since = page.last_seq) {
  page = await db.changes({ since, limit: 2, return_docs: true });
  told.pages.push(page.results.length);
}
told.some = (await db.changes({ doc_ids: ['b', 'c'], include_docs: true })).results.map((row) => [row.id, Boolean(row.deleted)]);
const text = Buffer.from('照片');
const { rev } = await db.putAttachment('files', '照 片/1.txt', text, 'text/plain;charset=utf-8');
told.file = (await db.getAttachment('files', '照 片/1.txt')).toString();
told.inline = (await db.get('files', { attachments: true }))._attachments['照 片/1.txt'].data;
told.removed = (await refused(db.removeAttachment('files', '照 片/1.txt', rev)));
told.noFile = await refused(db.getAttachment('files', '照 片/1.txt'));
told.security = await db.put({ _id: '_local/mine', n: 1 }).then(() => db.get('_local/mine'));
told.compacted = await db.compact();
told.info = await db.info();
await db.destroy();
told.destroyed = (await new PouchDB(process.argv[2], { skip_setup: true }).info()).error;
tell(told);
process.exit(0);
