// A button that copies one text, and says whether it could.
import { html, type TemplateResult } from "lit";
import { t } from "../i18n";

async function copy(text: string, button: HTMLElement): Promise<void> {
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    const area = document.createElement("textarea"); // where the clipboard is not open to file://
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const status = button.querySelector(".copied");
  if (!status) return;
  status.textContent = done ? t("copied") : t("could not copy");
  setTimeout(() => { status.textContent = ""; }, 2000);
}

export const copyButton = (label: string, text: () => string): TemplateResult =>
  html`<button class="small copy" @click=${(event: Event) => void copy(text(), event.currentTarget as HTMLElement)}>
    ${label} <span class="copied" role="status"></span></button>`;
