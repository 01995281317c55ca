// Reads the data that the page was given and starts the page. What cannot be read is said, not thrown.
import { App } from "./app";
import { PAGE_SCHEMA, type PageData } from "./data";
import { useDictionary } from "./i18n";
import { Player } from "./player";

function read(): PageData | string {
  const text = document.getElementById("socktale-data")?.textContent ?? "";
  try {
    const data = JSON.parse(text) as PageData;
    if (data.kind !== "socktale-page") return "This page holds no trace.";
    if (data.schema !== PAGE_SCHEMA) return `This page reads data of schema ${PAGE_SCHEMA}; it was given schema ${String(data.schema)}.`;
    return data;
  } catch (problem) {
    return `The data of this page cannot be read: ${String(problem)}`;
  }
}

const data = read();
document.getElementById("socktale-data")?.remove(); // its text is not needed twice
if (typeof data === "string") {
  const note = document.createElement("p");
  note.textContent = data;
  document.body.append(note);
} else {
  useDictionary(data);
  const app = new App();
  app.player = new Player(data);
  document.body.append(app);
}
