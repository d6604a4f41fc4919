// azure-container.mjs ENDPOINT NAME: makes a container in Azurite, with the key that all of them have.
import { createHmac } from "node:crypto";

const [endpoint, name] = process.argv.slice(2);
const account = "devstoreaccount1";
const key =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const date = new Date().toUTCString();
const version = "2021-12-02";
const text = [
  "PUT", "", "", "", "", "", "", "", "", "", "", "",
  `x-ms-date:${date}`,
  `x-ms-version:${version}`,
  `/${account}/${account}/${name}`,
  "restype:container",
].join("\n");
const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
const reply = await fetch(`${endpoint}/${account}/${name}?restype=container`, {
  method: "PUT",
  headers: {
    "x-ms-date": date,
    "x-ms-version": version,
    authorization: `SharedKey ${account}:${signature}`,
  },
});
if (reply.status !== 201 && reply.status !== 409) {
  console.error(reply.status, await reply.text());
  process.exit(1);
}
