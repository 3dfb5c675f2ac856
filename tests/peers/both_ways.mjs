// node both_ways.mjs ONE OTHER: two writers apart, then together, then apart on the same documents, then together.
// ONE and OTHER are addresses of empty databases, or `memory` for a PouchDB in this process.
import { PouchDB, census, live, sync, tell } from './story.mjs';

const open = (address) => (address === 'memory' ? new PouchDB('here', { adapter: 'memory' }) : new PouchDB(address));
const [one, other] = process.argv.slice(2).map(open);

await live(one, 'one');
await live(other, 'other');
const first = await sync(one, other);
const quiet = await sync(one, other);

const edit = async (db, id, fields) => db.put({ ...(await db.get(id)), ...fields });
await edit(one, 'edited-one', { by: 'one' });
await edit(other, 'edited-one', { by: 'other' });                    // a conflict
await edit(one, 'edited-other', { by: 'one' });
await other.remove(await other.get('edited-other'));                 // a deletion against an edit
await one.put({ _id: 'same', n: 1 });
await other.put({ _id: 'same', n: 2 });                              // created on both sides
const second = await sync(one, other);
const conflicts = (await one.get('edited-one', { conflicts: true }))._conflicts;
await one.remove('edited-one', conflicts[0]);                        // settled on one side
const third = await sync(one, other);

tell({ first, quiet, second, third, one: await census(one), other: await census(other) });
await Promise.all([one, other].map((db) => db.close()));
