/**
 * A live table of any length: sorted on demand, in groups, drawn only where it is looked at. Arrows move a line of
 * focus, Enter opens, and rows stay where they are while their numbers change.
 * @module
 */
import {
  getCoreRowModel,
  getSortedRowModel,
  useReactTable,
  type ColumnDef,
  type Header,
  type SortingState,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  type Ref,
} from 'react';
import { useElementWidth } from '../drawing/element-width.ts';
import { Icon } from './icon.tsx';

/** One column. */
export type Column<Row> = {
  readonly id: string;
  readonly label: string;
  /** Pixels; the columns without share what is left. */
  readonly width?: number;
  readonly isNumber?: boolean;
  /** Tables narrower than this, in pixels, do without it. */
  readonly hidesBelow?: number;
  /** What it is sorted by; without, it is not. */
  readonly order?: (row: Row) => number | string;
  readonly cell: (row: Row) => ReactNode;
  readonly tone?: (row: Row) => string;
};

/** A line of the table: a row, or the head of the rows that follow. */
export type Line<Row> =
  | { readonly kind: 'head'; readonly key: string; readonly content: ReactNode }
  | { readonly kind: 'row'; readonly key: string; readonly row: Row; readonly tone?: string };

const rowHeights = { compact: 28, roomy: 40 } as const;
const headHeight = 32;

/**
 * The table. `lines` makes groups of the rows, which come sorted when the person sorts; it stays the same function from
 * one drawing to the next.
 */
export function DataTable<Row>(props: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly lines: (rows: readonly Row[], isSorted: boolean) => readonly Line<Row>[];
  readonly selected: string | null;
  readonly onOpen: (key: string) => void;
  readonly density?: keyof typeof rowHeights;
  readonly gridRef?: Ref<HTMLTableElement>;
}): ReactElement {
  const { label, rows, lines: linesOf, selected, onOpen, density = 'compact', gridRef } = props;
  const [sorting, setSorting] = useState<SortingState>([]);
  const [active, setActive] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const width = useElementWidth(scroller);
  const columns = useMemo(
    () => props.columns.filter(({ hidesBelow = 0 }) => width >= hidesBelow),
    [props.columns, width],
  );
  const id = useId();
  const definitions = useMemo(() => columns.map(toDefinition), [columns]);
  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler memoizes here
  const table = useReactTable({
    data: rows as Row[],
    columns: definitions,
    state: { sorting },
    onSortingChange: setSorting,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
  });
  const sorted = table.getSortedRowModel().rows;
  const isSorted = sorting.length > 0;
  const lines = useMemo(
    () =>
      linesOf(
        sorted.map(({ original }) => original),
        isSorted,
      ),
    [linesOf, sorted, isSorted],
  );
  const lineKey = useCallback((index: number) => lines[index]?.key ?? index, [lines]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'head' ? headHeight : rowHeights[density]),
    getItemKey: lineKey,
    overscan: 12,
    scrollPaddingStart: 28,
  });
  const drawn = virtual.getVirtualItems();
  const before = drawn[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);
  const move = (event: KeyboardEvent): void => {
    const target = keyTarget(event.key, lines, active ?? selected);
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter' && active !== null) onOpen(active);
    else if (target !== null) {
      setActive(target.key);
      virtual.scrollToIndex(target.index);
    } else return;
    event.preventDefault();
  };
  const cells = (row: Row): ReactElement[] =>
    columns.map((column) => (
      <td key={column.id} className={classOf(column, column.tone?.(row))}>
        {column.cell(row)}
      </td>
    ));
  return (
    <div className="table__scroll" ref={scroller}>
      <table
        className={`table table--live table--${density}`}
        role="grid"
        aria-label={label}
        aria-rowcount={lines.length + 1}
        aria-activedescendant={active === null ? undefined : `${id}-${active}`}
        tabIndex={0}
        ref={gridRef}
        onKeyDown={move}
        onFocus={(event) => {
          if (event.target === event.currentTarget && active === null)
            setActive(keyTarget('Home', lines, null)?.key ?? null);
        }}
      >
        <thead>
          <tr>
            {table.getFlatHeaders().map((header, index) => (
              <HeadCell key={header.id} header={header} column={columns[index]} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={before} span={columns.length} />
          {drawn.map(({ index }) => {
            const line = lines[index];
            if (line === undefined) return null;
            if (line.kind === 'head')
              return (
                <tr key={line.key} className="table__group" aria-rowindex={index + 2}>
                  <td colSpan={columns.length}>{line.content}</td>
                </tr>
              );
            return (
              <tr
                key={line.key}
                id={`${id}-${line.key}`}
                aria-rowindex={index + 2}
                aria-selected={line.key === selected}
                className={`${line.tone ?? ''}${line.key === active ? ' is-active' : ''}`}
                onClick={() => {
                  setActive(line.key);
                  onOpen(line.key);
                }}
              >
                {cells(line.row)}
              </tr>
            );
          })}
          <Spacer height={after} span={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

function toDefinition<Row>(column: Column<Row>): ColumnDef<Row, number | string> {
  const { id, order } = column;
  return {
    id,
    accessorFn: (row) => order?.(row) ?? '',
    enableSorting: order !== undefined,
    sortingFn: 'basic',
    sortDescFirst: column.isNumber === true,
  };
}

function HeadCell<Row>(props: {
  readonly header: Header<Row, unknown>;
  readonly column: Column<Row> | undefined;
}): ReactElement | null {
  const { header, column } = props;
  if (column === undefined) return null;
  const direction = header.column.getIsSorted();
  const sort = direction === false ? 'none' : direction === 'asc' ? 'ascending' : 'descending';
  const style = column.width === undefined ? undefined : { width: column.width };
  if (column.order === undefined)
    return (
      <th scope="col" className={classOf(column)} style={style}>
        {column.label}
      </th>
    );
  return (
    <th scope="col" className={classOf(column)} style={style} aria-sort={sort}>
      <button type="button" className="table__sort" onClick={header.column.getToggleSortingHandler()}>
        {column.label}
        {direction === false ? null : <Icon name={direction === 'asc' ? 'arrowUp' : 'arrowDown'} />}
      </button>
    </th>
  );
}

function Spacer({ height, span }: { readonly height: number; readonly span: number }): ReactElement | null {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" className="table__spacer">
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

function classOf<Row>(column: Column<Row>, tone = ''): string | undefined {
  const names = [column.isNumber === true ? 'num' : '', `c-${column.id}`, tone];
  return names.filter((name) => name !== '').join(' ');
}

const pageRows = 12;

/** The row that a key leads to from the one with the key `from`; null for other keys. */
function keyTarget<Row>(
  pressed: string,
  lines: readonly Line<Row>[],
  from: string | null,
): { readonly key: string; readonly index: number } | null {
  const rows = lines.flatMap((line, index) => (line.kind === 'row' ? [{ key: line.key, index }] : []));
  const at = rows.findIndex(({ key }) => key === from);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at === -1 ? 0 : at - 1,
    PageDown: at + pageRows,
    PageUp: at - pageRows,
    Home: 0,
    End: rows.length - 1,
  };
  const wanted = steps[pressed];
  if (wanted === undefined) return null;
  return rows[Math.min(Math.max(wanted, 0), rows.length - 1)] ?? null;
}
