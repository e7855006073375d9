/** A form that the bot opened. */

import { Refusal } from "../api.js";
import { h, set, uid } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { openDialog } from "../base/dialog.js";
import { COMPONENT } from "../discord.js";
import { avatar } from "../text/names.js";
import { Prose } from "../text/prose.js";
import { Select } from "./select.js";

/** @typedef {import("../types.js").Component} Component */
/** @typedef {import("../types.js").Form} Form */
/** @typedef {{customId: string, element: HTMLElement, value: () => string | string[] | boolean | null, fault: () => string | null, focus: () => void}} Input */

const PARAGRAPH = 2;
const LABEL = 18;
const ROW = 1;
const DISPLAY = 10;

/**
 * @param {Form} form
 * @param {import("../session.js").Session} session
 * @param {import("../text/prose.js").Surroundings} around
 * @param {{bot: import("../types.js").User, name: string}} application
 * @param {() => void} rest  where the focus goes if what had it before is gone
 */
export function openModal(form, session, around, { bot, name }, rest) {
  const rows = rowsOf(form.modal.components, around);
  const error = h("p", { class: "form-error", role: "alert" });
  const submit = h("button", { type: "submit", class: "button primary" }, "Submit");
  const cancel = h(
    "button",
    { type: "button", class: "button secondary", onclick: () => dialog.close() },
    "Cancel",
  );
  const sheet = h(
    "form",
    {
      class: "form",
      novalidate: true,
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        send();
      },
    },
    h(
      "div",
      { class: "dialog-body" },
      rows.map(({ element }) => element),
      error,
    ),
    h("footer", { class: "dialog-foot" }, cancel, submit),
  );
  const dialog = openDialog(form.modal.title, sheet, {
    name: "modal",
    closed: () => document.activeElement === document.body && rest(),
    subtitle: [avatar(bot), ` ${name} asks. Do not share passwords or other secrets.`],
  });
  rows.find(({ input }) => input)?.input?.focus();

  async function send() {
    error.textContent = "";
    const wrong = rows.filter((row) => row.judge());
    if (wrong.length) {
      wrong[0].input?.focus();
      return;
    }
    submit.disabled = true;
    try {
      const outcome = await session.submit(
        form,
        Object.fromEntries(
          rows.flatMap(({ input }) => (input ? [[input.customId, input.value()]] : [])),
        ),
      );
      if (outcome.state === "failed")
        error.textContent = `Something went wrong: ${outcome.reason}. Try again.`;
      else dialog.close();
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      const named = cause.faults.filter(({ field, message }) =>
        rows.find(({ input }) => input?.customId === field)?.refuse(message),
      );
      if (!named.length) error.textContent = cause.message;
    }
    submit.disabled = false;
  }
  return dialog;
}

/** @typedef {{element: HTMLElement, input: Input | null, judge: () => boolean, refuse: (message: string) => boolean}} Row */

/** @param {Component[]} components @param {import("../text/prose.js").Surroundings} around @returns {Row[]} */
function rowsOf(components, around) {
  return components.flatMap((component) => {
    if (component.type === DISPLAY)
      return [still(new Prose(around).render(component.content ?? ""))];
    // Before labels there were rows of one text input that bears its own label.
    if (component.type === ROW)
      return (component.components ?? []).map((inner) =>
        row(inner.label ?? "", null, inner, around),
      );
    if (component.type === LABEL && component.component)
      return [
        row(component.label ?? "", component.description ?? null, component.component, around),
      ];
    return [
      still(
        h(
          "p",
          { class: "unknown-component" },
          `A component of type ${component.type}, which this page does not know.`,
        ),
      ),
    ];
  });
}

/** @param {HTMLElement} element @returns {Row} */
function still(element) {
  return { element, input: null, judge: () => false, refuse: () => false };
}

/** @param {string} label @param {string | null} description @param {Component} component @param {import("../text/prose.js").Surroundings} around @returns {Row} */
function row(label, description, component, around) {
  const ids = { label: uid("label"), description: uid("description"), fault: uid("fault") };
  const describedBy = [description && ids.description, ids.fault].filter(Boolean).join(" ");
  const input = inputOf(component, label, around, { ...ids, describedBy });
  if (!input)
    return still(
      h(
        "p",
        { class: "unknown-component" },
        `${label}: the sandbox has no input of type ${component.type}.`,
      ),
    );
  const fault = h("p", { class: "form-fault", id: ids.fault });
  const isRequired = component.required !== false && component.type !== COMPONENT.checkbox;
  const control = /** @type {HTMLElement} */ (
    input.element.matches("input, textarea")
      ? input.element
      : (input.element.querySelector("input, textarea, button") ?? input.element)
  );
  const say = (/** @type {string | null} */ sentence) => {
    fault.replaceChildren(...(sentence ? [icon("warning", 16), sentence] : []));
    set(control, { "aria-invalid": sentence ? "true" : null });
    return sentence !== null;
  };
  const heading = input.element.matches("input, textarea")
    ? h(
        "label",
        { id: ids.label, for: input.element.id },
        label,
        isRequired && h("span", { class: "required", "aria-hidden": "true" }, " *"),
      )
    : h(
        "div",
        { class: "label", id: ids.label },
        label,
        isRequired && h("span", { class: "required", "aria-hidden": "true" }, " *"),
      );
  const element = h(
    "div",
    { class: "form-row" },
    heading,
    description && h("p", { class: "form-description", id: ids.description }, description),
    input.element,
    fault,
  );
  input.element.addEventListener("input", () => say(null));
  return { element, input, judge: () => say(input.fault()), refuse: say };
}

/**
 * @param {Component} component
 * @param {string} label
 * @param {import("../text/prose.js").Surroundings} around
 * @param {{label: string, describedBy: string}} ids
 * @returns {Input | null}
 */
function inputOf(component, label, around, ids) {
  const customId = component.custom_id ?? "";
  switch (component.type) {
    case COMPONENT.textInput:
      return textInput(component, customId, ids);
    case COMPONENT.stringSelect:
    case COMPONENT.userSelect:
    case COMPONENT.roleSelect:
    case COMPONENT.mentionableSelect:
    case COMPONENT.channelSelect: {
      const isRequired = component.required !== false;
      const least = isRequired ? Math.max(1, component.min_values ?? 1) : 0;
      const select = new Select({ ...component, min_values: least }, around.names, {
        label,
        labelId: ids.describedBy,
        changed: () => select.element.dispatchEvent(new Event("input")),
      });
      const fault = () =>
        select.values.length < least ? "This is required. Choose something." : null;
      return {
        customId,
        element: select.element,
        value: () => select.values,
        fault,
        focus: () => select.button.focus(),
      };
    }
    case COMPONENT.radioGroup:
    case COMPONENT.checkboxGroup:
      return ticks(component, customId, ids, component.type === COMPONENT.checkboxGroup);
    case COMPONENT.checkbox: {
      const box = h("input", {
        type: "checkbox",
        id: uid("input"),
        class: "check",
        checked: component.default,
        "aria-describedby": ids.describedBy,
      });
      return {
        customId,
        element: box,
        value: () => box.checked,
        fault: () => null,
        focus: () => box.focus(),
      };
    }
    default:
      return null;
  }
}

/** @param {Component} component @param {string} customId @param {{describedBy: string}} ids @returns {Input} */
function textInput(
  {
    style,
    value,
    placeholder,
    min_length: shortest = 0,
    max_length: longest = 4000,
    required = true,
  },
  customId,
  ids,
) {
  const attributes = {
    id: uid("input"),
    class: "field",
    placeholder,
    maxlength: longest,
    value: value ?? "",
    "aria-required": required ? "true" : null,
    "aria-describedby": ids.describedBy,
    data: { customId },
  };
  const element =
    style === PARAGRAPH
      ? h("textarea", { ...attributes, rows: "4" })
      : h("input", { ...attributes, type: "text", autocomplete: "off" });
  const fault = () => {
    const { length } = element.value;
    if (required && !element.value.trim()) return "This is required. Write something.";
    return length > 0 && length < shortest ? `Must be ${shortest} or more characters long.` : null;
  };
  return { customId, element, value: () => element.value, fault, focus: () => element.focus() };
}

/** Radio buttons, or boxes to tick. @param {Component} component @param {string} customId @param {{label: string, describedBy: string}} ids @param {boolean} isMany @returns {Input} */
function ticks(
  {
    options = [],
    required = true,
    min_values: least = required ? 1 : 0,
    max_values: most = options.length,
  },
  customId,
  ids,
  isMany,
) {
  const name = uid("ticks");
  const boxes = options.map((option) =>
    h("input", {
      type: isMany ? "checkbox" : "radio",
      name,
      value: option.value,
      checked: option.default,
    }),
  );
  const element = h(
    "div",
    {
      class: "ticks",
      role: isMany ? "group" : "radiogroup",
      "aria-labelledby": ids.label,
      "aria-describedby": ids.describedBy,
    },
    options.map((option, at) =>
      h(
        "label",
        {},
        boxes[at],
        h("span", {}, option.label, option.description && h("small", {}, option.description)),
      ),
    ),
  );
  const chosen = () => boxes.filter(({ checked }) => checked).map(({ value }) => value);
  const fault = () => {
    if (chosen().length < least) return required ? "This is required. Choose something." : null;
    return isMany && chosen().length > most ? `Choose at most ${most}.` : null;
  };
  return {
    customId,
    element,
    value: () => (isMany ? chosen() : (chosen()[0] ?? null)),
    fault,
    focus: () => boxes[0]?.focus(),
  };
}
