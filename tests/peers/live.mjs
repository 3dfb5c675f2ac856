// node live.mjs REMOTE: a PouchDB in memory follows REMOTE and is followed, while both are written to.
import { PouchDB, census, tell } from './story.mjs';

const here = new PouchDB('here', { adapter: 'memory' });
const remote = new PouchDB(process.argv[2]);
const other = new PouchDB(process.argv[2]);

const until = async (question) => {
  const end = Date.now() + 20000;
  while (!(await question())) {
    if (Date.now() > end) throw new Error(`never: ${question}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
};
const has = (db, id) => db.get(id).then(() => true, () => false);

const errors = [];
const seen = [];
const { update_seq: start } = await other.info();  // `now` would be when the first request gets there
const feed = other.changes({ since: start, live: true, include_docs: true, heartbeat: 300 })
  .on('change', (change) => seen.push(change.id))
  .on('error', (error) => errors.push(String(error)));
const both = PouchDB.sync(here, remote, { live: true, retry: false, heartbeat: 300 })
  .on('error', (error) => errors.push(String(error)))
  .on('denied', (error) => errors.push(JSON.stringify(error)));

for (let n = 0; n < 5; n += 1) {
  await here.put({ _id: `here-${n}`, n });
  await remote.put({ _id: `there-${n}`, n });
  await until(async () => (await has(remote, `here-${n}`)) && (await has(here, `there-${n}`)));
}
await new Promise((resolve) => { setTimeout(resolve, 700); });       // some heartbeats with nothing to say
await remote.put({ _id: 'late' });
await until(() => has(here, 'late'));
await until(() => seen.length >= 11);
both.cancel();
feed.cancel();
tell({ errors, seen: seen.sort(), here: await census(here), there: await census(remote) });
await here.close();
process.exit(0);                                                     // a cancelled feed may linger in node's fetch
