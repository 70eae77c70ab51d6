import { counted, html, listed, nothing, type Markup } from '@serflow/evaluate'
import { howSame } from './findings.js'
import type { FolderInspection } from './schema.js'

/** The page names so many files of a group, and so many groups. */
const mostNames = 5
const mostGroups = 100

const titles = {
  unreadable: ['Files that cannot be read', 'Reason'],
  rejected: ['Files whose names do not fit', 'Reason'],
  skipped: ['Files of another kind', 'Kind'],
  notes: ['What is odd', 'Note'],
} as const

/** What was left out and what is odd, grouped. */
export function findingSections(found: FolderInspection): Markup {
  const parts = (['unreadable', 'rejected', 'notes', 'skipped'] as const).map((name) =>
    groupTable(name, found[name]),
  )
  return html`${parts}`
}

function groupTable(name: keyof typeof titles, groups: FolderInspection['notes']): Markup {
  if (groups.length === 0) return nothing
  const [title, head] = titles[name]
  const rows = groups.slice(0, mostGroups).map(
    ({ text, files }) =>
      html`<tr>
        <td class="number">${files.length}</td>
        <td class="words">${text}</td>
        <td class="words">${listed(files, mostNames)}</td>
      </tr> `,
  )
  return html`<section aria-labelledby="${name}">
    <h2 id="${name}">${title}</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">Files</th>
            <th scope="col">${head}</th>
            <th scope="col">Which</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${more(groups.length)}
  </section>`
}

/** The same sound under several names. */
export function duplicateSection(duplicates: FolderInspection['duplicates']): Markup {
  if (duplicates.length === 0) return nothing
  const rows = duplicates.slice(0, mostGroups).map(
    ({ same, files, labels, speakers }) =>
      html`<tr>
        <td class="words">${listed(files, mostNames)}</td>
        <td>${howSame[same]}</td>
        <td class="words">${labels.join(', ')}</td>
        <td class="words">${speakers.join(', ')}</td>
      </tr> `,
  )
  return html`<section aria-labelledby="duplicates">
    <h2 id="duplicates">The same sound more than once</h2>
    <p class="lead">
      ${counted(duplicates.length, 'group')} of equal recordings. On two sides of a fold they would
      be a leak, so that a run with two speakers of one stops; with two labels one of them is wrong.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Files</th>
            <th scope="col">Equal</th>
            <th scope="col">Labels</th>
            <th scope="col">Speakers</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${more(duplicates.length)}
  </section>`
}

function more(groups: number): Markup {
  return groups > mostGroups ? html`<p>and ${groups - mostGroups} more</p>` : nothing
}
