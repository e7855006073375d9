/** Going to a channel by typing its name. */

import { h, set } from "../base/dom.js";
import { openDialog } from "../base/dialog.js";
import { Listbox } from "../base/listbox.js";
import { avatar, channelIcon } from "../text/names.js";

/** @param {import("../store.js").Store} store @param {(channel: string) => void} open */
export function openSwitcher(store, open) {
  const input = h("input", {
    type: "text",
    role: "combobox",
    class: "field",
    "aria-label": "Channel",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    placeholder: "Where to?",
    autocomplete: "off",
    spellcheck: "false",
  });
  /** @type {string | null} */
  let chosen = null;
  const list = new Listbox({
    label: "Channels",
    owner: input,
    choose: ({ value }) => {
      chosen = value;
      dialog.close();
    },
  });
  set(input, { "aria-controls": list.element.id });
  const show = () => {
    const wanted = input.value.trim().toLowerCase().replace(/^#/, "");
    const items = store.places
      .map((channel) => ({
        value: channel.id,
        label: store.names.place(channel),
        mark: channel.recipients?.length ? avatar(channel.recipients[0]) : channelIcon(channel),
        hint:
          store.world?.guilds.find(({ channels }) => channels.includes(channel))?.name ??
          "Direct message",
      }))
      .filter(({ label, hint }) => `${label} ${hint}`.toLowerCase().includes(wanted));
    list.show(items.slice(0, 20));
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => list.key(event));
  const dialog = openDialog(
    "Go to a channel",
    h("div", { class: "dialog-body" }, input, list.element),
    { name: "switcher", closed: () => chosen && open(chosen) },
  );
  show();
  input.focus();
}
