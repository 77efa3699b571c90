/**
 * The sources as a program sees them: every TypeScript file with its imports, exports and comments, read with
 * TypeScript's own parser and without types, so that all of it takes a second.
 * @module
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** One import or re-export of a file. */
export type Import = {
  /** As written, or for own files the path from the root. */
  readonly target: string;
  readonly isOwn: boolean;
  /** Gone at run time. */
  readonly isTypeOnly: boolean;
  /** Names taken; null when all are (`import * as`, `import()`). */
  readonly names: readonly string[] | null;
};

/** One name that a file exports. */
export type Export = {
  readonly name: string;
  readonly isType: boolean;
  readonly hasDoc: boolean;
  /** Whether the file itself uses the name elsewhere. */
  readonly isUsedInside: boolean;
};

/** One TypeScript file. */
export type SourceFile = {
  /** From the root, e.g. `core/esp/padding.ts`. */
  readonly path: string;
  readonly lineCount: number;
  readonly text: string;
  readonly syntax: ts.SourceFile;
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  /** Whether a function or a class with a body is in it. */
  readonly hasCode: boolean;
};

/** Read every TypeScript file under the given folders; generated declarations are left out. */
export function readSourceTree(folders: readonly string[]): readonly SourceFile[] {
  const patterns = folders.map((folder) => `${folder}/**/*.{ts,tsx,mjs}`);
  const paths = globSync(patterns, { exclude: (path) => /(^|\/)(target|node_modules)$/.test(path) });
  return paths
    .filter((path) => !path.endsWith('.d.ts'))
    .sort()
    .map(readSourceFile);
}

/** All nodes below `node`, itself included. */
export function* walk(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* walk(child);
}

function readSourceFile(path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  const syntax = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  return {
    path,
    lineCount: text.split('\n').length - 1,
    text,
    syntax,
    imports: listImports(path, syntax),
    exports: listExports(syntax),
    hasCode: [...walk(syntax)].some((node) => ts.isFunctionLike(node) && 'body' in node && node.body !== undefined),
  };
}

function listImports(path: string, syntax: ts.SourceFile): readonly Import[] {
  const imports: Import[] = [];
  for (const node of walk(syntax)) {
    if (ts.isImportDeclaration(node)) {
      imports.push({ ...resolveTarget(path, node.moduleSpecifier), ...readImportClause(node.importClause) });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      const names =
        node.exportClause !== undefined && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : null;
      const taken = names?.map((element) => (element.propertyName ?? element.name).text) ?? null;
      imports.push({ ...resolveTarget(path, node.moduleSpecifier), isTypeOnly: node.isTypeOnly, names: taken });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier !== undefined) imports.push({ ...resolveTarget(path, specifier), isTypeOnly: false, names: null });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      imports.push({ ...resolveTarget(path, node.argument.literal), isTypeOnly: true, names: null });
    }
  }
  return imports;
}

function resolveTarget(path: string, specifier: ts.Node): { target: string; isOwn: boolean } {
  const text = ts.isStringLiteralLike(specifier) ? specifier.text : specifier.getText();
  if (text.startsWith('#')) return { target: text.slice(1), isOwn: true };
  return text.startsWith('.') ? { target: join(dirname(path), text), isOwn: true } : { target: text, isOwn: false };
}

function readImportClause(clause: ts.ImportClause | undefined): {
  isTypeOnly: boolean;
  names: readonly string[] | null;
} {
  if (clause === undefined) return { isTypeOnly: false, names: [] };
  const isTypeOnly = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const bindings = clause.namedBindings;
  if (bindings !== undefined && ts.isNamespaceImport(bindings)) return { isTypeOnly, names: null };
  const elements = bindings?.elements ?? [];
  const names = elements.map((element) => (element.propertyName ?? element.name).text);
  const everyIsType =
    clause.name === undefined && elements.length > 0 && elements.every((element) => element.isTypeOnly);
  return { isTypeOnly: isTypeOnly || everyIsType, names: clause.name === undefined ? names : ['default', ...names] };
}

function listExports(syntax: ts.SourceFile): readonly Export[] {
  const uses = new Map<string, number>();
  for (const node of walk(syntax)) if (ts.isIdentifier(node)) uses.set(node.text, (uses.get(node.text) ?? 0) + 1);
  return syntax.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return [];
    const modifiers = ts.getModifiers(statement) ?? [];
    if (!modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) return [];
    const comments = ts.getJSDocCommentsAndTags(statement).map((comment) => comment.getText());
    const hasDoc = comments.some((comment) => !comment.includes('@module'));
    const isType = ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement);
    const names = declaredNames(statement);
    return names.map((name) => ({ name, isType, hasDoc, isUsedInside: (uses.get(name) ?? 0) > 1 }));
  });
}

function declaredNames(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((declaration) => declaration.name.getText());
  }
  const { name } = statement as ts.DeclarationStatement;
  return name === undefined ? [] : [name.text];
}
