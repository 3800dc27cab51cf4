// The operator's mark: the logo of the project file, or the first letter of its title.
interface BrandProps {
  readonly site: string;
  readonly logo: string | null;
}

export function Brand({ site, logo }: BrandProps) {
  return (
    <>
      {logo === null ? (
        <span className="brand-mark" aria-hidden="true">
          {site.charAt(0).toUpperCase()}
        </span>
      ) : (
        <img className="brand-logo" src={logo} alt="" />
      )}
      <span>{site}</span>
    </>
  );
}
