// The fonts, from this site: the content security policy allows no other.
export {};
