Attribute VB_Name = "Trials"
' Calls that LibreOffice's cells cannot make, of our wrappers. The text of each answer.
Option Explicit

' An argument left out between others.
Public Function LeftOutBetween()
    LeftOutBetween = CStr(ORG_HEALTH(Array(4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4), , 8))
End Function

Public Function LeftOutAmongAnyNumber()
    LeftOutAmongAnyNumber = CStr(SALES_EXPLAIN("ORG_HEALTH", Array(4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4), , 8))
End Function

Public Function SeveralAreas()
    SeveralAreas = CStr(CLOSE_RATIO(ThisWorkbook.Worksheets("Won").Range("A1,A3"), 20))
End Function

Public Function PassedOn(number)
    PassedOn = CStr(CLOSE_RATIO(CVErr(number), 20))
End Function

' The error as COM delivers it: within an array, LibreOffice would lose it.
Public Function PassedOnInARow(number)
    Dim cells
    cells = CLOSE_RATIO(Array(-2146828288 + number, 5), 20)
    PassedOnInARow = CStr(cells(0, 0)) & ", " & CStr(cells(0, 1))
End Function

Public Function Plain()
    Plain = CStr(CLOSE_RATIO(5, 20))
End Function

' A server that writes into its arguments before it stops; what the next one answers.
Public Function WrittenTo()
    Activation.LoseAfterWriting
    WrittenTo = Plain()
End Function

Public Function Unknown()
    Unknown = CStr(Answer("NO_SUCH_FUNCTION", Array(5)))
End Function

' A text that is longer than a cell holds.
Public Function TooLong()
    TooLong = CStr(SALES_EXPLAIN(String(40000, "x")))
End Function

Public Function AttemptsSoFar()
    AttemptsSoFar = Activation.Attempts
End Function
