// How many texts a ready answer takes, counted while it is written; the server says no to too many.

import { countParts } from "./parts.js";

for (const box of document.querySelectorAll("textarea[data-texts]")) {
  if (!(box instanceof HTMLTextAreaElement)) continue;
  const told = document.createElement("p");
  told.className = "count";
  const words = JSON.parse(box.dataset["texts"] ?? "{}");
  const show = () => {
    const { parts, left, wide } = countParts(box.value);
    const counted = (parts === 1 ? words.one : words.many).replace("{count}", parts).replace("{left}", left);
    told.textContent = [counted, wide && words.wide.replace("{wide}", wide)].filter(Boolean).join(" · ");
  };
  box.after(told);
  box.addEventListener("input", show);
  show();
}
