// Makes [data-towns] fields comboboxes; delegated, as htmx swaps.
(() => {
  const parts = (node) => {
    const box = node instanceof Element && node.closest("[data-towns]");
    return box && { input: box.querySelector("input"), list: box.querySelector("[role=listbox]") };
  };

  const mark = ({ input, list }, option) => {
    for (const each of list.children) each.setAttribute("aria-selected", String(each === option));
    if (!option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const show = (field, isOpen) => {
    field.list.hidden = !isOpen;
    field.input.setAttribute("aria-expanded", String(isOpen));
    mark(field, null);
  };

  const choose = (field, option) => {
    field.input.value = field.input.dataset.chosen = option.textContent;
    show(field, false);
    field.input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const on = (name, act) =>
    document.addEventListener(name, (event) => {
      const field = parts(event.target);
      if (field) act(field, event);
    });

  on("htmx:configRequest", ({ input }, { detail }) => {
    detail.parameters = { q: input.value };
  });

  on("htmx:afterSwap", (field) => {
    const { input, list } = field; // a late answer
    const isWanted = document.activeElement === input && input.value !== input.dataset.chosen;
    show(field, isWanted && list.children.length > 0);
  });

  on("keydown", (field, event) => {
    const { input, list } = field;
    const marked = list.querySelector("[aria-selected=true]");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || !list.children.length) return;
    if (step) {
      const all = [...list.children];
      if (list.hidden) show(field, true);
      mark(field, all.at((all.indexOf(marked) + (marked || step > 0 ? step : 0)) % all.length));
    } else if (list.hidden) return;
    else if (event.key === "Enter" && marked) choose(field, marked);
    else if (event.key === "Escape") show(field, false);
    else return;
    event.preventDefault();
  });

  on("mousedown", (field, event) => {
    if (field.list.contains(event.target)) event.preventDefault(); // keeps the focus
  });

  on("click", (field, event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(field, option);
  });

  on("focusout", (field) => show(field, false));
})();
