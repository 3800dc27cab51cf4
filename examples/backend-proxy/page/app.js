// What happens in the browser: it asks the backend, and opens a socket with a ticket that the backend got. It never sees a key.

const said = document.querySelector("#said");
const text = document.querySelector("#text");

/** The parsed answer; throws with the backend's words. */
async function ask(path, body) {
  const init = body && {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(path, init);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

async function overHttp(words) {
  const { request } = await ask("/api/speech", { text: words });
  return `HTTP: ${request.method} ${request.path}`;
}

/** A ticket opens one socket: a second one needs a second ticket. */
async function overSocket(words) {
  const { url } = await ask("/api/ticket", {});
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  let bytes = 0;
  return await new Promise((resolve, reject) => {
    socket.onopen = () => socket.send(JSON.stringify({ text: words }));
    socket.onerror = () => reject(new Error("the socket was refused"));
    socket.onclose = ({ code }) => reject(new Error(`the socket was closed with ${code}`));
    socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) {
        bytes += data.byteLength;
        return;
      }
      resolve(`WebSocket: ${bytes} bytes of audio`);
      socket.close();
    };
  });
}

document.querySelector("#form").addEventListener("submit", async (event) => {
  event.preventDefault();
  said.textContent = "…";
  localStorage.setItem("text", text.value);
  const speak = event.submitter.value === "socket" ? overSocket : overHttp;
  said.textContent = await speak(text.value).catch((error) => `Not spoken: ${error.message}`);
});

text.value = localStorage.getItem("text") ?? text.value;
const names = ({ models }) => models.map(({ name }) => name).join(", ");
document.querySelector("#models").textContent = await ask("/api/models").then(names, () => "none now");
