// Certificates that sign themselves, made by openssl for the time of a test.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { needProgram } from "./debian.ts";

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** For `name` and 127.0.0.1, in files of the folder that begin with `file`. */
export function makeCertificate(folder: string, file: string, name: string): CertificateFiles {
  const [cert, key] = [join(folder, `${file}.crt`), join(folder, `${file}.key`)];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const names = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name},IP:127.0.0.1`];
  const openssl = needProgram("openssl", "openssl");
  execFileSync(openssl, ["req", "-x509", ...kind, ...names, "-out", cert, "-keyout", key], {
    stdio: "ignore",
  });
  return { cert, key };
}
