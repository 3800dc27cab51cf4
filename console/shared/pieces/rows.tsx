// Stands where rows will stand, as tall as they are.
export function Rows({ count = 3 }: { readonly count?: number }) {
  return (
    <div className="bones" aria-busy="true">
      <span className="hidden" role="status">
        Loading
      </span>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike.
        <div className="bone" key={index} />
      ))}
    </div>
  );
}
