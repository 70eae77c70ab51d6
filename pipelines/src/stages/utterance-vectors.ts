export { utteranceVectorsStage as stage } from '@serflow/model'
