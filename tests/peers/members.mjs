// node members.mjs REMOTE NAME PASSWORD: what a member and others can do to a database that is shared with that member.
// PouchDB signs in by the address, by its `auth` option, and by a cookie that its fetch carries.
import { PouchDB, tell } from './story.mjs';

const [remote, name, password] = process.argv.slice(2);
const refused = async (work) => work.then(() => 'accepted', ({ status, reason }) => ({ status, reason }));
const push = async (label, target) => {
  const here = new PouchDB(`here-${label}`, { adapter: 'memory' });
  await here.put({ _id: label, n: 1 });
  const told = await refused(here.replicate.to(target));
  await here.close();
  return told;
};

const address = new URL(remote);
[address.username, address.password] = [name, password].map(encodeURIComponent);
const byAddress = new PouchDB(address.href, { skip_setup: true });
const byOption = new PouchDB(remote, { skip_setup: true, auth: { username: name, password } });

const answer = await fetch(new URL('/_session', remote), {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name, password }),
});
const cookie = answer.headers.get('set-cookie').split(';')[0];
const carry = (url, options) => {
  options.headers.set('Cookie', cookie);
  return PouchDB.fetch(url, options);
};
const byCookie = new PouchDB(remote, { skip_setup: true, fetch: carry });
const stranger = new PouchDB(remote, { skip_setup: true });
const wrong = new PouchDB(remote, { skip_setup: true, auth: { username: name, password: 'wrong' } });

const told = {};
told.byAddress = await push('by-address', byAddress);
told.byOption = await push('by-option', byOption);
told.byCookie = await push('by-cookie', byCookie);
told.stranger = await push('stranger', stranger);
told.wrong = await push('wrong', wrong);
told.design = await refused(byAddress.put({ _id: '_design/x' }));
const back = new PouchDB('back', { adapter: 'memory' });
await back.replicate.from(byCookie);
told.there = (await back.allDocs()).rows.map((row) => row.id);
told.session = (await answer.json()).roles;
tell(told);
process.exit(0);
