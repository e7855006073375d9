/** Puts the page together and starts it. */

import { Api } from "./api.js";
import { Announcer } from "./base/announcer.js";
import { Theme } from "./base/theme.js";
import { Composer } from "./composer/composer.js";
import { MessageList } from "./messages/list.js";
import { openModal } from "./messages/modal.js";
import { Panel } from "./panel/panel.js";
import { Notices } from "./panel/notices.js";
import { Channels } from "./places/channels.js";
import { Drawer } from "./places/drawer.js";
import { Header } from "./places/header.js";
import { bindKeys, showKeys } from "./places/keys.js";
import { Profile } from "./places/profile.js";
import { Servers } from "./places/servers.js";
import { openSwitcher } from "./places/switcher.js";
import { Session } from "./session.js";
import { Store } from "./store.js";

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

function build() {
  const store = new Store();
  const api = new Api(document.baseURI);
  const session = new Session(api, store);
  const announcer = new Announcer(part("announcer"));
  const theme = new Theme(document.documentElement, localStorage);

  const complain = (/** @type {string} */ sentence) => composer.complain(sentence);
  const failed = (/** @type {Error} */ error) => complain(error.message);
  const visit = (
    /** @type {string} */ channel,
    /** @type {string | undefined} */ message = undefined,
  ) => {
    drawer.close();
    session.open(channel, message).catch(failed);
  };
  const go = (/** @type {string} */ channel) => {
    visit(channel);
    composer.focus();
  };
  const become = (/** @type {string} */ key) => {
    session
      .actAs(key)
      .then(() => announcer.say(`Now acting as ${store.me?.global_name ?? key}.`))
      .catch(failed);
  };
  const around = () => ({
    names: store.names,
    now: () => store.now(),
    me: store.me?.id ?? "",
    visit,
    type: (/** @type {string} */ name) => composer.type(name),
  });

  const drawer = new Drawer(document.body, part("sidebar"), part("servers"), part("scrim"));
  const composer = new Composer(part("composer"), store, session, {
    up: () => messages.enter(),
    sent: () => messages.toBottom(),
    last: () => messages.ownLast(),
  });
  const messages = new MessageList(part("messages"), store, session, around, {
    announcer,
    type: (name) => composer.type(name),
    run: (line) => composer.run(line),
    become,
    visit,
    complain,
    edit: (message) => composer.edit(message),
    reply: (message) => composer.reply(message),
    rest: () => composer.focus(),
  });
  new Servers(part("servers"), store, visit);
  new Channels(part("channels"), store, go);
  new Profile(part("profile"), store, become);
  new Notices(part("notices"), store, announcer);
  const switcher = () => openSwitcher(store, go);
  new Header(part("header"), store, theme, around(), {
    channels: () => drawer.open(),
    switcher,
    help: showKeys,
    panel: () => togglePanel(),
  });
  const panel = new Panel(part("panel"), store, {
    api,
    announcer,
    become,
    storage: localStorage,
    toggled: (isOpen) => part("panel-toggle").setAttribute("aria-expanded", String(isOpen)),
  });
  const togglePanel = () => {
    panel.toggle();
    if (panel.isOpen) panel.focus();
    else part("panel-toggle").focus();
  };
  const step = (/** @type {number} */ by) => {
    const { places, channelId } = store;
    const at = places.findIndex(({ id }) => id === channelId);
    go(places[(at + by + places.length) % places.length].id);
  };
  bindKeys({
    command: () => composer.startCommand(),
    composer: () => composer.focus(),
    switcher,
    step,
    panel: togglePanel,
  });

  store.on(
    "form",
    () =>
      store.form &&
      store.world &&
      openModal(store.form, session, around(), store.world.application, () => composer.focus()),
  );
  store.on("place", () => remember(store, session));
  return { session, composer, panel };
}

/** Where one is and who stands in the address, so that reloading stays there. @param {Store} store @param {Session} session */
function remember(store, session) {
  const place = new URLSearchParams({ as: session.actor ?? "", channel: store.channelId ?? "" });
  history.replaceState(null, "", `#${place}`);
}

const { session, composer, panel } = build();
const place = new URLSearchParams(location.hash.slice(1));
const wanted = place.get("panel");
if (wanted) panel.show(wanted);
session.start({ actor: place.get("as"), channel: place.get("channel") }).then(
  () => {
    document.documentElement.dataset.ready = "yes";
    if (window.matchMedia("(pointer: fine)").matches) composer.focus();
  },
  (error) => {
    part("messages").textContent = error.message;
  },
);
