// What Python's packages are tested, checked and built with. It makes nothing.

/** Each with its version. */
export const KIT_PYTHON = [
  "httpx==0.28.1",
  "anyio==4.12.1",
  "websockets==15.0.1",
  "trio==0.31.0",
  "pytest==8.4.2",
  "mypy==1.19.1",
  "build==1.3.0",
  "hatchling==1.28.0",
  "twine==6.2.0",
  "typing-extensions==4.15.0",
];
