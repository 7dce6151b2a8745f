import type { ReactNode } from 'react'

/** Rows with their columns' names, which scroll sideways where there is no room. */
export function Table({
  label,
  columns,
  children,
}: {
  label: string
  columns: string[]
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <div tabIndex={0} className="-mx-4 overflow-x-auto px-4">
      <table aria-label={label} className="w-full border-collapse text-left tabular-nums">
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                className="px-2 py-1.5 text-sm font-normal whitespace-nowrap text-soft first:pl-0 last:pr-0"
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

export function TableRow({ head, children }: { head: ReactNode; children: ReactNode }) {
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-1.5 pr-2 font-medium">
        {head}
      </th>
      {children}
    </tr>
  )
}

export function Cell({ children, className }: { children?: ReactNode; className?: string }) {
  return <td className={`px-2 py-1.5 last:pr-0 ${className ?? ''}`}>{children}</td>
}
