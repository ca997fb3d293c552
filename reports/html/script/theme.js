// Light or dark: as the system says, until somebody chooses otherwise; remembered where the browser lets a file do so.
const THEMES = { light: "Light", dark: "Dark" };
const remembered = () => { try { return localStorage.getItem("scimulator-theme") || ""; } catch { return ""; } };
const theme = (name) => {
  if (THEMES[name]) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  for (const button of document.querySelectorAll("[data-theme-to]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeTo === (THEMES[name] ? name : "")));
  }
};
document.addEventListener("click", (event) => {
  const button = event.target.closest && event.target.closest("[data-theme-to]");
  if (!button) return;
  theme(button.dataset.themeTo);
  try { localStorage.setItem("scimulator-theme", button.dataset.themeTo); } catch { /* then only until the page is left */ }
});
